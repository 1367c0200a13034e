import { z } from 'zod';
import type { IntegrationFields, Integrations } from '../integrations/integrations.js';
import type { ReleaseTraits } from '../releases.js';
import { allPermissions } from '../webapi/acl.js';

const text = z.string().default('');

/** The integration form, by Magento's field names. */
const integrationForm = z
  .object({
    name: text,
    email: text,
    endpoint: text,
    identity_link_url: text,
    all_resources: text,
    resource: z.union([z.string(), z.array(z.string())]).default([]),
  })
  .transform((form): IntegrationFields => ({
    name: form.name.trim(),
    email: form.email,
    endpointUrl: form.endpoint,
    identityUrl: form.identity_link_url,
    resources: form.all_resources === '1' ? allPermissions : [form.resource].flat(),
  }));

/** Reads a posted form as it was typed. `undefined` where it is none: a field came twice. */
export function readIntegrationForm(body: unknown): IntegrationFields | undefined {
  return integrationForm.safeParse(body ?? {}).data;
}

/**
 * What the server has against these fields, in one sentence. The Callback URL is never looked at, the identity
 * link by some releases; both may be empty.
 *
 * @see docs/magento.md, "http and https"
 */
export function problemWith(
  { name, identityUrl }: IntegrationFields,
  { traits, integrations }: { traits: ReleaseTraits; integrations: Integrations },
  id: number | undefined,
): string | undefined {
  if (name === '') return 'The integration needs a name.';
  const namesake = integrations.all().find((other) => other.name === name);
  if (namesake && namesake.id !== id) return `The integration with name "${name}" exists.`;
  if (traits.checksIdentityLink && identityUrl !== '' && !isWebAddress(identityUrl)) {
    return 'Invalid Identity Link URL';
  }
  return undefined;
}

function isWebAddress(value: string): boolean {
  return z.url({ protocol: /^https?$/ }).safeParse(value).success;
}
