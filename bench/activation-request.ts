import { magentoString } from './magento-string.js';

/** An activation's POST as Magento sends it, as bytes on the wire. */
export function activationRequest(consumerKey = magentoString()): string {
  const body =
    `oauth_consumer_key=${consumerKey}&oauth_consumer_secret=${magentoString()}` +
    `&store_base_url=https%3A%2F%2Fshop.example%2F&oauth_verifier=${magentoString()}`;
  return (
    'POST /endpoint HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Laminas\\Http\\Client\r\n' +
    'Content-Type: application/x-www-form-urlencoded\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}
