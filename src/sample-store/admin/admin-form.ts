import { z } from 'zod';
import type { IntegrationFields } from '../integrations/integrations.js';

/**
 * The integration form, by Magento's field names. Only the identity link is checked on the server, as since
 * 2.4.8; the Callback URL is taken as it comes.
 *
 * @see docs/magento.md, "http and https"
 */
const integrationForm = z
  .object({
    name: z.string().trim().min(1, 'The integration needs a name.'),
    endpoint: z.string(),
    identity_link_url: z.url({ protocol: /^https?$/, error: 'Invalid Identity Link URL' }),
    resource: z.union([z.string(), z.array(z.string())]).default([]),
  })
  .transform((form): IntegrationFields => ({
    name: form.name,
    endpointUrl: form.endpoint,
    identityUrl: form.identity_link_url,
    resources: [form.resource].flat(),
  }));

/** Reads a posted form: the fields, or one sentence that says what is wrong with them. */
export function readIntegrationForm(body: unknown): IntegrationFields | string {
  const result = integrationForm.safeParse(body);
  return result.success ? result.data : result.error.issues.map(({ message }) => message).join(' ');
}
