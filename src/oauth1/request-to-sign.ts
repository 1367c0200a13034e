/** A request before it is signed; `body` matters only when `contentType` says that it is a form. */
export interface RequestToSign {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** Who signs. Secrets may be empty; an empty or absent token or verifier is left out of the request. */
export interface OAuthCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly verifier?: string;
}

/** What makes a request different from every other: Magento takes a nonce once, of up to 32 `[0-9a-z]`. */
export interface NonceAndTimestamp {
  readonly nonce: string;
  /** Whole seconds since 1970. */
  readonly timestamp: number | string;
}
