import { MagentoError } from '../calls/magento-error.js';

/** The refusal where a thing is looked up by one of its fields. */
export function noSuchEntity(fieldName: string, fieldValue: number): MagentoError {
  return new MagentoError(404, 'No such entity with %fieldName = %fieldValue', {
    fieldName,
    fieldValue,
  });
}
