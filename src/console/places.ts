/** A store's page. */
export function storePath(consumerKey: string): string {
  return `/console/stores/${encodeURIComponent(consumerKey)}`;
}

/** What a merchant types into Magento to connect a store. */
export interface AddressesToPaste {
  readonly callbackUrl: string;
  readonly identityLinkUrl: string;
}

export function addressesToPaste(publicUrl: string): AddressesToPaste {
  return { callbackUrl: `${publicUrl}/endpoint`, identityLinkUrl: `${publicUrl}/login` };
}
