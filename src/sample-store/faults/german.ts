import { MagentoError, type Phrase } from '../calls/magento-error.js';

/** Our own translation, by the sentence it stands for. The placeholders stay, as in Magento's translations. */
const sentences: Readonly<Record<string, string>> = {
  'The "%1" Oauth version isn\'t supported.': 'Die OAuth-Version "%1" wird nicht unterstützt.',
  '"%fieldName" is required. Enter and try again.':
    '"%fieldName" fehlt. Tragen Sie es ein und versuchen Sie es noch einmal.',
  'One or more input exceptions have occurred.': 'Mindestens eine Angabe ist falsch.',
  'The token length is invalid. Check the length and try again.':
    'Die Länge des Tokens ist falsch. Prüfen Sie sie und versuchen Sie es noch einmal.',
  'Signature method %1 is not supported': 'Das Signaturverfahren %1 wird nicht unterstützt',
  'Consumer key is not the correct length': 'Der Consumer-Key hat nicht die richtige Länge',
  'A consumer having the specified key does not exist':
    'Es gibt keinen Consumer mit dem angegebenen Key',
  'The nonce is already being used by the consumer with ID %1':
    'Die Nonce wird vom Consumer mit der ID %1 schon verwendet',
  'An error occurred validating the nonce': 'Beim Prüfen der Nonce ist ein Fehler aufgetreten',
  'Consumer key has expired': 'Der Consumer-Key ist abgelaufen',
  'Specified token does not exist': 'Das angegebene Token gibt es nicht',
  'Request token is not associated with the specified consumer':
    'Das Request-Token gehört nicht zum angegebenen Consumer',
  'Token is already being used': 'Das Token wird schon verwendet',
  'Verifier is invalid': 'Der Verifier ist ungültig',
  'Verifier is not the correct length': 'Der Verifier hat nicht die richtige Länge',
  'Token verifier and verifier token do not match':
    'Der Verifier gehört nicht zu diesem Request-Token',
  'The signature is invalid. Verify and try again.':
    'Die Signatur ist ungültig. Prüfen Sie sie und versuchen Sie es noch einmal.',
  'Cannot create request token because consumer token is not a verifier token':
    'Es kann kein Request-Token erzeugt werden, weil das Token des Consumers kein Verifier-Token ist',
  'A token with consumer ID %1 does not exist': 'Es gibt kein Token zur Consumer-ID %1',
  'Cannot get access token because consumer token is not a request token':
    'Es kann kein Access-Token geholt werden, weil das Token des Consumers kein Request-Token ist',
  'Token is not associated with the specified consumer':
    'Das Token gehört nicht zum angegebenen Consumer',
  'Token is not an access token': 'Das Token ist kein Access-Token',
  'Access token has been revoked': 'Das Access-Token wurde widerrufen',
  "The consumer isn't authorized to access %resources.":
    'Der Consumer darf auf %resources nicht zugreifen.',
  'Request does not match any route.': 'Zu dieser Anfrage gibt es keine Route.',
  "The product that was requested doesn't exist. Verify the product and try again.":
    'Das gewünschte Produkt gibt es nicht. Prüfen Sie es und versuchen Sie es noch einmal.',
};

/** The same refusal as a store in German puts it. A sentence that has no translation stays as it is. */
export function inGerman(error: MagentoError): MagentoError {
  return new MagentoError(
    error.status,
    translated(error).message,
    error.parameters,
    error.errors.map(translated),
  );
}

function translated({ message, parameters }: Phrase): Phrase {
  return { message: sentences[message] ?? message, parameters };
}
