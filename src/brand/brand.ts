/** Whose app this is, to whoever sees a page of it. */
export interface Brand {
  readonly name: string;
  /** `#rrggbb`, checked by `lackOfContrast`. */
  readonly color: string;
  readonly logo: Logo | undefined;
}

export interface Logo {
  readonly kind: 'svg' | 'png';
  readonly content: Buffer;
}

/** What every template has of the brand, as `brand`. */
export interface BrandView {
  readonly name: string;
  /** The logo's address; empty where there is none, and the app draws a mark of its own. */
  readonly logo: string;
}

export function brandView({ name, logo }: Brand): BrandView {
  return { name, logo: logo ? `/assets/${logoName(logo)}` : '' };
}

/** The logo's name among the assets. */
export function logoName({ kind }: Logo): string {
  return `logo.${kind}`;
}
