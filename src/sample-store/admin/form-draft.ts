import type { IntegrationFields } from '../integrations/integrations.js';

/** What was typed into a form that was refused, for the page that shows the form again. */
export type FormDraft = ReturnType<typeof formDraft>;

/** Nothing typed yet. */
export function formDraft() {
  let kept: IntegrationFields | undefined;

  return {
    keep(fields: IntegrationFields | undefined): void {
      kept = fields;
    },
    take(): IntegrationFields | undefined {
      const taken = kept;
      kept = undefined;
      return taken;
    },
  };
}
