import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  SegmentedControl,
} from '@mantine/core';
import { PAGE_COLOURS } from './page-colours.ts';

/** The one accent: a deep teal on light, a clear one on dark. */
const accent: MantineColorsTuple = [
  '#e6f5f6',
  '#c9e9ec',
  '#9ad8de',
  '#6fcad4',
  '#4cc3d1',
  '#2ba3b1',
  '#158492',
  '#0b6b78',
  '#085963',
  '#05474f',
];

/** Neutral greys with a trace of warmth, lightest first, in place of Mantine's blue ones. */
const dark: MantineColorsTuple = [
  '#eceae6',
  '#c9c5be',
  '#a19d96',
  '#7d7973',
  '#4a4742',
  '#33312e',
  '#252421',
  '#1c1b19',
  '#151513',
  '#0f0f0e',
];

const gray: MantineColorsTuple = [
  '#fbfbfa',
  '#f2f1ef',
  '#e6e4e1',
  '#d8d5d1',
  '#bfbbb5',
  '#a19d96',
  '#85817b',
  '#6d6a65',
  '#45433f',
  '#1d1c1a',
];

/** What opens is there at once. */
const AT_ONCE = { duration: 0 };

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: { accent, dark, gray },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    // Mantine chooses the text on its accent for light only; the accent of the dark theme is bright.
    Button: Button.extend({
      vars: (_, { variant = 'filled' }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--d-on-accent)' } : {},
      }),
    }),
    // A dialog's <header> would count as a second banner of the page.
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        attributes: { header: { role: 'none' } },
        closeButtonProps: { 'aria-label': 'Close' },
        transitionProps: AT_ONCE,
      },
    }),
    Menu: Menu.extend({ defaultProps: { transitionProps: AT_ONCE } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: AT_ONCE } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { transitionDuration: 0 } }),
  },
});

/** The page's own names for colours, and Mantine's greys set to them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...PAGE_COLOURS.light,
    '--mantine-color-body': '#fbfbfa',
    '--mantine-color-text': '#1d1c1a',
    '--mantine-color-dimmed': '#6a6762',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#6a6762',
    '--mantine-color-default-border': '#d8d5d1',
  },
  dark: {
    ...PAGE_COLOURS.dark,
    '--mantine-color-body': '#151513',
    '--mantine-color-text': '#eceae6',
    '--mantine-color-dimmed': '#a8a49d',
    '--mantine-color-error': '#ff897d',
    '--mantine-color-placeholder': '#a8a49d',
    '--mantine-color-default-border': '#45423d',
  },
});
