/** `#rrggbb` of a colour in the theme of this moment: the page's own ones go by name, such as `--d-text`. */
export function colourOf(name: string): string {
  return name.startsWith('--') ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : name;
}

/** The same colour for a style, which follows the theme by itself. */
export function cssColour(name: string): string {
  return name.startsWith('--') ? `var(${name})` : name;
}
