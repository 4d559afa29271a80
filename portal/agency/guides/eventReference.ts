import {
  DECLARATION_EVENT_TYPES,
  DECLARATION_TTL_SECONDS,
  DELIVERY_STATUSES,
  MOVE_FIELDS,
  PULL_PATH,
  STATUS_PATH,
  type DeclarationEventType,
  type DeliveryStatus,
} from '../../../schema/declaration.ts';
import { section } from '../../design/pieces.ts';
import type { Language } from '../../i18n/language.ts';
import { inBothLanguages } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { codeWord, table } from './tables.ts';

const words = inBothLanguages(
  {
    title: 'Événements reçus par une administration',
    lead: 'Ce qu’un citoyen déclare une fois arrive à chaque destinataire comme un CloudEvent 1.0 : attributs en en-têtes ce-*, corps signé (JWS, ES256) puis scellé (JWE) pour lui seul. Un même id n’est appliqué qu’une fois ; sequence donne l’ordre.',
    fresh: (seconds: number) => `Un envoi vaut ${seconds} secondes ; le hub recommence jusqu’à une réponse.`,
    type: 'Type',
    when: 'Quand',
    types: {
      'fr.trait-dunion.move.declared.v1': 'Un déménagement est déclaré.',
      'fr.trait-dunion.move.amended.v1': 'La déclaration est corrigée : tout y est, tel qu’il est maintenant.',
      'fr.trait-dunion.move.cancelled.v1': 'La déclaration est annulée : il n’y a rien d’autre dedans.',
    },
    fields: 'Champs d’un déménagement, chacun seulement si agency.json le nomme et dit pourquoi :',
    statuses: 'Ce que l’administration répond',
    statusLead: (status: string, pull: string) =>
      `Aussitôt, dans la réponse, ou plus tard à ${status}. Qui préfère venir chercher : ${pull}.`,
    status: 'État',
    means: 'Sens',
    meanings: {
      RECEIVED: 'Reçu, pas encore traité.',
      IN_PROGRESS: 'En cours.',
      NEEDS_CITIZEN: 'Il manque quelque chose du citoyen : dites-lui quoi (reason).',
      DONE: 'Fait. Définitif, jusqu’à une correction.',
      REFUSED: 'Refusé : dites pourquoi (reason). Définitif, jusqu’à une correction.',
    },
  },
  {
    title: 'Events that an agency receives',
    lead: 'What a citizen says once comes to each recipient as a CloudEvent 1.0: attributes as ce-* headers, a body that is signed (JWS, ES256), then sealed (JWE) for that recipient alone. One id is applied once; sequence gives the order.',
    fresh: (seconds: number) =>
      `An attempt is good for ${seconds} seconds; the hub tries again until it has an answer.`,
    type: 'Type',
    when: 'When',
    types: {
      'fr.trait-dunion.move.declared.v1': 'A move is declared.',
      'fr.trait-dunion.move.amended.v1': 'The declaration is mended: all of it is there, as it stands now.',
      'fr.trait-dunion.move.cancelled.v1': 'The declaration is taken back: nothing else is in it.',
    },
    fields: 'Fields of a move, each only when agency.json names it and says why:',
    statuses: 'What the agency answers',
    statusLead: (status: string, pull: string) =>
      `At once, in the answer, or later at ${status}. Whoever would rather come for them: ${pull}.`,
    status: 'Status',
    means: 'Meaning',
    meanings: {
      RECEIVED: 'Received, nothing done yet.',
      IN_PROGRESS: 'Under way.',
      NEEDS_CITIZEN: 'Something is needed of the citizen: say what (reason).',
      DONE: 'Done. Final, until it is mended.',
      REFUSED: 'Refused: say why (reason). Final, until it is mended.',
    },
  },
);

/** What travels to an agency beside questions, and what it answers: made of the treaty (`schema/declaration.ts`), whose every type and status has its words. */
export function eventReference(language: Language): Html {
  const texts = words(language);
  const types: Readonly<Record<DeclarationEventType, string>> = texts.types;
  const meanings: Readonly<Record<DeliveryStatus, string>> = texts.meanings;
  return html`${section(
    texts.title,
    html`<p>${texts.lead}</p>
      <p>${texts.fresh(DECLARATION_TTL_SECONDS)}</p>
      ${table(
        texts.title,
        [texts.type, texts.when],
        DECLARATION_EVENT_TYPES.map((type) => [codeWord(type), types[type]]),
      )}
      <p>${texts.fields}</p>
      <ul>
        ${MOVE_FIELDS.map((field) => html`<li>${codeWord(field)}</li>`)}
      </ul>`,
    'events',
  )}
  ${section(
    texts.statuses,
    html`<p>${texts.statusLead(`POST ${STATUS_PATH}`, `POST ${PULL_PATH}`)}</p>
      ${table(
        texts.statuses,
        [texts.status, texts.means],
        DELIVERY_STATUSES.map((status) => [codeWord(status), meanings[status]]),
      )}`,
  )}`;
}
