/** The words of popup.js in the language of the page, as src/brand/assets.ts puts them in front of it. */
declare const texts: Readonly<
  Record<'left' | 'over' | 'late' | 'lateNext' | 'show' | 'showPassword', string>
>;
