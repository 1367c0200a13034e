/** What a merchant types into Magento to connect a store. */
export interface AddressesToPaste {
  readonly callbackUrl: string;
  readonly identityLinkUrl: string;
}

/** The addresses of this app for an integration in Magento: with an invitation's token its own, else the common ones. */
export function addressesToPaste(publicUrl: string, token?: string): AddressesToPaste {
  const own = token === undefined ? '' : `/${token}`;
  return {
    callbackUrl: `${publicUrl}/endpoint${own}`,
    identityLinkUrl: `${publicUrl}/login${own}`,
  };
}
