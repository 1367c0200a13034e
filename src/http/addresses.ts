/** What a merchant types into Magento to connect a store. */
export interface AddressesToPaste {
  readonly callbackUrl: string;
  readonly identityLinkUrl: string;
}

/** The addresses of this app for an integration in Magento. */
export function addressesToPaste(publicUrl: string): AddressesToPaste {
  return { callbackUrl: `${publicUrl}/endpoint`, identityLinkUrl: `${publicUrl}/login` };
}
