import { hoursAfterOpening, seeded } from './seeded.js';

/** An address as customers have them; orders have a shape of their own. */
export interface CustomerAddress {
  readonly id: number;
  readonly customer_id: number;
  readonly region: {
    readonly region_code: string;
    readonly region: string;
    readonly region_id: number;
  };
  readonly region_id: number;
  readonly country_id: string;
  readonly street: readonly string[];
  readonly telephone: string;
  readonly postcode: string;
  readonly city: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly default_shipping?: true;
  readonly default_billing?: true;
}

/** A customer as the Web API shows one. */
export interface Customer {
  readonly id: number;
  readonly group_id: number;
  readonly default_billing: string;
  readonly default_shipping: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_in: string;
  readonly dob?: string;
  readonly email: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly gender: number;
  readonly store_id: number;
  readonly website_id: number;
  readonly addresses: readonly CustomerAddress[];
  readonly disable_auto_group_change: number;
  readonly extension_attributes: { readonly is_subscribed: boolean };
}

const howMany = 150;

const firstNames = [
  ['Ada', 'ada'],
  ['Björn', 'bjoern'],
  ['Chloé', 'chloe'],
  ['Dmitri', 'dmitri'],
  ['Emeka', 'emeka'],
  ['Fatima', 'fatima'],
  ['Grace', 'grace'],
  ['Hiroshi', 'hiroshi'],
  ['Inés', 'ines'],
  ['Jan', 'jan'],
] as const;
const lastNames = ['Andersson', 'Brown', 'García', 'Kovács', "O'Brien", 'Sato', 'Weiß'] as const;
const places = [
  ['US', 'Austin', '73301', 'TX', 'Texas', 57],
  ['US', 'Portland', '97201', 'OR', 'Oregon', 49],
  ['US', 'Chicago', '60601', 'IL', 'Illinois', 23],
  ['DE', 'München', '80331', 'BAY', 'Bayern', 81],
  ['FR', 'Orléans', '45000', '45', 'Loiret', 226],
] as const;
const streets = ['Main Street', 'Mill Lane', 'Bahnhofstraße', 'Rue de la Gare'] as const;

/** The customers with which a store begins. Every third has a second address. */
export function initialCustomers(): Customer[] {
  const random = seeded(150);
  let lastAddressId = 0;
  return Array.from({ length: howMany }, (_, index): Customer => {
    const id = index + 1;
    const [firstname, mailbox] = random.pick(firstNames);
    const lastname = random.pick(lastNames);
    const at = hoursAfterOpening(index * 11);

    const address = (): Omit<CustomerAddress, 'default_billing' | 'default_shipping'> => {
      lastAddressId += 1;
      const [country_id, city, postcode, region_code, region, region_id] = random.pick(places);
      return {
        id: lastAddressId,
        customer_id: id,
        region: { region_code, region, region_id },
        region_id,
        country_id,
        street: [`${random.between(1, 250)} ${random.pick(streets)}`],
        telephone: `555-01${String(random.between(0, 99)).padStart(2, '0')}`,
        postcode,
        city,
        firstname,
        lastname,
      };
    };

    const home = { ...address(), default_shipping: true as const, default_billing: true as const };
    return {
      id,
      group_id: random.pick([1, 1, 1, 2, 3]),
      default_billing: String(home.id),
      default_shipping: String(home.id),
      created_at: at,
      updated_at: at,
      created_in: 'Default Store View',
      ...(index % 2 === 0 && { dob: `19${random.between(50, 99)}-0${random.between(1, 9)}-15` }),
      email: `${mailbox}.${id}@customer.example`,
      firstname,
      lastname,
      gender: random.between(1, 3),
      store_id: 1,
      website_id: 1,
      addresses: index % 3 === 0 ? [home, address()] : [home],
      disable_auto_group_change: 0,
      extension_attributes: { is_subscribed: random.between(0, 1) === 1 },
    };
  });
}
