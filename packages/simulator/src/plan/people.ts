// The simulated public: seventy-eight customers of the shop with habits, and strangers without a name. A pure function of the
// seed; the same customers come to the show that history.ts wrote orders for.
import { type Language, pickLanguage } from './corpus.ts';
import type { Seeded } from './seeded.ts';

export const CUSTOMER_HABITS = ['loyal', 'regular', 'once'] as const;
export type CustomerHabit = (typeof CUSTOMER_HABITS)[number];
/** `customerRef` is the shop's id: `sub` of the viewer token and `customerRef` of the order webhook. */
export type SimulatedCustomer = { customerRef: string; name: string; habit: CustomerHabit; language: Language; favouriteGroup: number };

const FIRST_NAMES = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Eva',
  'Finn',
  'Greta',
  'Hugo',
  'Ida',
  'Jakob',
  'Klara',
  'Leo',
  'Mia',
  'Nils',
  'Olga',
  'Paul',
  'Rosa',
  'Sam',
  'Tilda',
  'Uma',
  'Vera',
  'Will',
  'Xenia',
  'Yara',
  'Zoe',
  'Mei',
  'Jun',
  'Lan',
  'Hana',
  'Kenji',
  'Aoife',
  'Sean',
  'Orla',
  'Tom',
  'Nina',
  'Lucas',
  'Marta',
  'Pedro',
  'Ines',
  'Karin',
];
const INITIALS = 'ABCDEFGHKLMNPRSTVW';
const HABIT_SHARES: readonly (readonly [CustomerHabit, number])[] = [
  ['loyal', 15],
  ['regular', 28],
  ['once', 35],
];

export function createCustomers(random: Seeded): SimulatedCustomer[] {
  const customers: SimulatedCustomer[] = [];
  for (const [habit, count] of HABIT_SHARES) {
    for (let index = 0; index < count; index += 1) {
      const number = customers.length + 1;
      const name = `${FIRST_NAMES[(number - 1) % FIRST_NAMES.length]} ${INITIALS[random.below(INITIALS.length)]}.`;
      customers.push({
        customerRef: `sim-${String(number).padStart(4, '0')}`,
        name,
        habit,
        language: pickLanguage(random),
        favouriteGroup: random.below(4),
      });
    }
  }
  return customers;
}

export const DEVICES = ['phone', 'phone', 'phone', 'desktop', 'desktop', 'tablet'] as const;
export const SOURCES = ['direct', 'direct', 'direct', 'newsletter', 'instagram', 'instagram', 'youtube', 'facebook'] as const;
