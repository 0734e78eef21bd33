// Mantine drawn with our tokens (ui/tokens.css): it brings behaviour and accessibility, we bring the look.
import { type ButtonProps, type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const dark: MantineColorsTuple = [
  '#e8edf2',
  '#c3ccd6',
  '#9aa7b4',
  '#6a7786',
  '#2a323d',
  '#252d38',
  '#1d242d',
  '#151a21',
  '#0d1014',
  '#090b0e',
];
const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5ff',
  '#b8ccff',
  '#98b6ff',
  '#7aa2ff',
  '#5d89f2',
  '#4170dd',
  '#2b59c8',
  '#2148a5',
  '#183781',
];
const live: MantineColorsTuple = [
  '#fff0f0',
  '#ffdcdd',
  '#ffb6b8',
  '#ff8182',
  '#ff4d4f',
  '#ee3a3d',
  '#db2b32',
  '#c81e2b',
  '#a51522',
  '#820d19',
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  lineHeights: { xs: '1.4', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.15' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'md',
  black: '#0d1014',
  colors: { dark, accent, live },
  primaryColor: 'accent',
  primaryShade: { dark: 4, light: 7 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: {
      defaultProps: { size: 'sm' },
      // Mantine picks the words' colour on a filled button once for both schemes; the accent is light in one and dark in the other.
      vars: (_theme: unknown, props: ButtonProps) => ({
        root: props.variant === undefined || props.variant === 'filled' ? { '--button-color': 'var(--on-accent)' } : {},
      }),
    },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 4 } } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        transitionProps: { duration: 100 },
        withArrow: true,
        events: { hover: true, focus: true, touch: false },
      },
    },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { transitionProps: { duration: 100 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
  },
});

/** Lets Mantine's own surfaces follow the tokens in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--raised-hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'transparent',
    '--mantine-color-error': 'var(--amber)',
  };
  return { variables: {}, dark: shared, light: shared };
};
