// What other packages may know of the player at build time; the built files in dist/ are what a shop loads.
export { LOCALES, type Locale } from './loader/notice.ts';
export { CORNERS, type Corner } from './loader/resume-record.ts';
export { FITS, type Fit, MODES, type Mode, SETTING_ATTRIBUTES } from './loader/settings.ts';
