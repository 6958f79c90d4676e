import { Button, type CSSVariablesResolver, createTheme, type MantineColorsTuple, Modal } from '@mantine/core';

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
      },
    }),
  },
});

/** The page's own names for colours, and Mantine's greys set to them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--d-bg': '#fbfbfa',
    '--d-panel': '#ffffff',
    '--d-line': '#e6e4e1',
    '--d-soft': '#f2f1ef',
    '--d-scroll': '#c9c5be',
    '--d-text': '#1d1c1a',
    '--d-muted': '#6a6762',
    '--d-accent': '#0b6b78',
    '--d-accent-soft': '#e0f1f3',
    '--d-on-accent': '#ffffff',
    '--d-good': '#2b7a3d',
    '--d-bad': '#b3261e',
    '--d-bad-soft': '#fcefed',
    '--d-bad-line': '#eac4c0',
    '--d-shadow': '0 1px 2px #0000000d',
    '--mantine-color-body': '#fbfbfa',
    '--mantine-color-text': '#1d1c1a',
    '--mantine-color-dimmed': '#6a6762',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#6a6762',
    '--mantine-color-default-border': '#d8d5d1',
  },
  dark: {
    '--d-bg': '#151513',
    '--d-panel': '#1c1b19',
    '--d-line': '#33312e',
    '--d-soft': '#252421',
    '--d-scroll': '#4a4742',
    '--d-text': '#eceae6',
    '--d-muted': '#a8a49d',
    '--d-accent': '#4cc3d1',
    '--d-accent-soft': '#16363b',
    '--d-on-accent': '#06262a',
    '--d-good': '#6cc58a',
    '--d-bad': '#ff897d',
    '--d-bad-soft': '#2e1d1b',
    '--d-bad-line': '#5c312c',
    '--d-shadow': 'none',
    '--mantine-color-body': '#151513',
    '--mantine-color-text': '#eceae6',
    '--mantine-color-dimmed': '#a8a49d',
    '--mantine-color-error': '#ff897d',
    '--mantine-color-placeholder': '#a8a49d',
    '--mantine-color-default-border': '#45423d',
  },
});
