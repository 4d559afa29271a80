import { code, type ErrorCode } from './errorCode.ts';
import { REQUEST_CODES } from './requestCodes.ts';

export type { ErrorCode } from './errorCode.ts';

/**
 * Every code that leaves the hub, in one place: status, text, what to do next. Texts hold no value of anybody's; the detail of a
 * fault is logged under the request id, never sent. A test compares this table, docs/errors.md and the codes thrown.
 */
export const ERROR_CODES = {
  ...REQUEST_CODES,

  HUB_OPERATION_SYNTAX: code(
    400,
    'Opération GraphQL illisible.',
    'The GraphQL operation does not parse.',
    'Corrigez la syntaxe à l’endroit indiqué.',
    'Mend the syntax at the place given.',
  ),
  HUB_OPERATION_INVALID: code(
    400,
    'Opération non valide pour ce graphe.',
    'The operation is not valid for this graph.',
    'Comparez-la au schéma publié.',
    'Compare it with the published schema.',
  ),
  HUB_OPERATION_NAME_UNKNOWN: code(
    400,
    'operationName ne désigne pas une opération unique du document.',
    'operationName names no single operation of the document.',
    'Nommez l’une des opérations.',
    'Name one of the operations.',
  ),
  HUB_OPERATION_VARIABLES_INVALID: code(
    400,
    'Variables non conformes à l’opération.',
    'The variables do not fit the operation.',
    'Comparez leurs types à ceux de l’opération.',
    'Compare their types with those of the operation.',
  ),
  HUB_OPERATION_TOO_COMPLEX: code(
    400,
    'Opération trop grande.',
    'The operation is too large.',
    'Réduisez la limite nommée dans extensions.limit.',
    'Stay within the limit named in extensions.limit.',
  ),
  HUB_OPERATION_BUDGET_EXCEEDED: code(
    429,
    'Trop d’opérations nouvelles en peu de temps.',
    'Too many new operations in a short time.',
    'Réessayez après extensions.retryAfterSeconds ; posez les mêmes questions avec des variables.',
    'Try again after extensions.retryAfterSeconds; ask the same questions with variables.',
  ),
  HUB_OPERATION_INTROSPECTION_REFUSED: code(
    403,
    'Introspection réservée.',
    'Introspection is restricted.',
    'Lisez le catalogue, ou présentez le secret d’exploitant.',
    "Read the catalogue, or present the operator's credential.",
  ),
  HUB_OPERATION_METHOD_NOT_ALLOWED: code(
    405,
    'GET ne sert que des lectures.',
    'GET serves queries only.',
    'Envoyez cette opération par POST.',
    'Send this operation by POST.',
  ),
  HUB_OPERATION_SUBSCRIPTION_UNSUPPORTED: code(
    400,
    'Les abonnements ne sont pas servis ici.',
    'Subscriptions are not served here.',
    'Interrogez par query.',
    'Use a query.',
  ),
  HUB_OPERATION_STREAM_ONLY: code(
    406,
    'Un abonnement se suit ; il ne se répond pas en une fois.',
    'A subscription is followed, not answered once.',
    'Acceptez text/event-stream.',
    'Accept text/event-stream.',
  ),
  HUB_OPERATION_REJECTED: code(
    200,
    'Opération refusée en entier : au moins un champ est refusé.',
    'The whole operation is refused: at least one field is.',
    'Retirez les champs refusés ou passez en Hub-Mode: partial.',
    'Remove the refused fields or use Hub-Mode: partial.',
  ),

  UNAUTHORIZED_FIELD_OR_TYPE: code(
    200,
    'Champ refusé.',
    'Field refused.',
    'Voir extensions.reason, missingScopes et consentUrl.',
    'See extensions.reason, missingScopes and consentUrl.',
  ),

  HUB_AGENCY_UNAVAILABLE: code(
    200,
    "L'administration ne répond pas.",
    'The agency does not answer.',
    'Réessayez après extensions.retryAfterSeconds.',
    'Try again after extensions.retryAfterSeconds.',
  ),
  HUB_AGENCY_INVALID_ANSWER: code(
    200,
    "La réponse de l'administration n'est pas conforme.",
    "The agency's answer does not conform.",
    'Signalez extensions.requestId.',
    'Report extensions.requestId.',
  ),
  HUB_AGENCY_FIELD_ERROR: code(
    200,
    "L'administration n'a pas pu fournir ce champ.",
    'The agency could not provide this field.',
    'Signalez extensions.requestId.',
    'Report extensions.requestId.',
  ),
  HUB_AGENCY_INPUT_REFUSED: code(
    200,
    "L'administration a refusé cette saisie.",
    'The agency refused this input.',
    'Corrigez la saisie indiquée.',
    'Mend the input named.',
  ),

  HUB_CONSENT_PORTAL_ONLY: code(
    200,
    'Seul le citoyen, depuis le portail, consent pour lui-même.',
    'Only the citizen, from the portal, consents for themself.',
    'Demandez le consentement ; ne le donnez pas.',
    'Request consent; do not give it.',
  ),
  HUB_CONSENT_UNKNOWN: code(
    200,
    'Aucune autorisation de ce citoyen ne porte cet identifiant.',
    'No consent of this citizen has that id.',
    'Relisez me { consents }.',
    'Read me { consents } again.',
  ),
  HUB_CONSENT_NOT_YOURS: code(
    200,
    'Cette demande ne vous est pas adressée.',
    'This request is not for you.',
    'Ouvrez le lien avec le compte de la personne à qui il a été envoyé.',
    'Open the link with the account of the person to whom it was sent.',
  ),
  HUB_CONSENT_REQUEST_OVER: code(
    200,
    'Cette demande a déjà reçu une réponse, ou son délai est passé.',
    'This request has been answered already, or its time has passed.',
    'Relisez me { consents } ; le service peut en faire une nouvelle.',
    'Read me { consents } again; the service can make a new one.',
  ),
  HUB_CONSENT_INPUT_INVALID: code(
    200,
    'Autorisation non conforme.',
    'The consent does not conform.',
    'Voir extensions.detailKey.',
    'See extensions.detailKey.',
  ),

  HUB_STREAM_TOO_MANY: code(
    429,
    'Trop de flux ouverts.',
    'Too many open streams.',
    'Fermez-en un, ou réessayez plus tard.',
    'Close one, or try again later.',
  ),
  HUB_STREAM_RIGHTS_ENDED: code(
    200,
    'Ce que ce flux lisait ne vous est pas, ou plus, ouvert : il prend fin.',
    'What this stream read is not, or no longer, open to you: it ends.',
    'Voyez avec la personne si elle l’ouvre à nouveau, puis abonnez-vous de nouveau.',
    'See with the person whether they open it again, then subscribe anew.',
  ),
  HUB_STREAM_OVER: code(
    200,
    'Ce flux a atteint la limite nommée dans extensions.limit : il prend fin.',
    'This stream has reached the limit named in extensions.limit: it ends.',
    'Abonnez-vous de nouveau : le premier événement dit l’état présent.',
    'Subscribe anew: the first event tells the present state.',
  ),

  HUB_HABILITATION_VOLUME_EXCEEDED: code(
    429,
    'Ce service dépasse, pour cette finalité, les appels par minute que prévoit son habilitation.',
    'This service exceeds, for this purpose, the calls a minute of its habilitation.',
    'Réessayez après extensions.retryAfterSeconds ; si le besoin dure, demandez un volume plus grand.',
    'Try again after extensions.retryAfterSeconds; where the need lasts, ask for a larger volume.',
  ),
  HUB_HABILITATION_UNKNOWN: code(
    200,
    'Aucune demande d’habilitation que vous puissiez voir ne porte cet identifiant.',
    'No request for a habilitation that you may see has that id.',
    'Relisez habilitationRequests.',
    'Read habilitationRequests again.',
  ),
  HUB_HABILITATION_ACT_REFUSED: code(
    200,
    'Cet acte n’est pas possible : extensions.detailKey dit si c’est à cause du rôle, de l’état, de l’organisme ou d’un motif absent.',
    'This cannot be done: extensions.detailKey says whether for the role, the state, the body or a missing reason.',
    'Relisez l’état et l’historique de la demande.',
    'Read the state and history of the request again.',
  ),
  HUB_HABILITATION_INPUT_INVALID: code(
    200,
    'Demande d’habilitation non conforme.',
    'The request for a habilitation does not conform.',
    'Voir extensions.detailKey.',
    'See extensions.detailKey.',
  ),
  HUB_SERVICE_UNKNOWN: code(
    200,
    'Aucun service que vous puissiez gérer ne porte ce nom.',
    'No service that you may manage has that name.',
    'Relisez serviceAccounts.',
    'Read serviceAccounts again.',
  ),
  HUB_SERVICE_INPUT_INVALID: code(
    200,
    'Compte de service non conforme.',
    "The service's account does not conform.",
    'Voir extensions.detailKey.',
    'See extensions.detailKey.',
  ),

  HUB_ERASURE_PORTAL_ONLY: code(
    200,
    'Seul le citoyen, depuis le portail, fait effacer ce que le hub garde de lui.',
    'Only the citizen, from the portal, has erased what the hub keeps of them.',
    'Envoyez le citoyen au portail du hub.',
    "Send the citizen to the hub's portal.",
  ),

  HUB_MOVE_PORTAL_ONLY: code(
    200,
    'Seul le citoyen, depuis le portail, déclare son déménagement.',
    'Only the citizen, from the portal, declares their move.',
    'Envoyez le citoyen au portail du hub.',
    "Send the citizen to the hub's portal.",
  ),
  HUB_MOVE_TOO_YOUNG: code(
    200,
    'On déclare son propre déménagement à partir de 16 ans.',
    'People declare their own move from the age of 16.',
    'Un parent qui exerce l’autorité parentale le déclare.',
    'A parent with parental authority declares it.',
  ),
  HUB_MOVE_UNKNOWN: code(
    200,
    'Aucune déclaration de ce citoyen ne porte cette référence.',
    'No declaration of this citizen has that reference.',
    'Relisez me { moves }.',
    'Read me { moves } again.',
  ),
  HUB_MOVE_OVER: code(
    200,
    'Cette déclaration ne peut plus être modifiée : elle a été annulée, ou son jour est venu.',
    'This declaration can be changed no more: it was taken back, or its day has come.',
    'Faites une nouvelle déclaration.',
    'Make a new declaration.',
  ),

  HUB_AUDIT_UNAVAILABLE: code(
    503,
    'Le journal des accès ne répond pas : rien n’est servi.',
    'The access log does not answer: nothing is served.',
    'Réessayez dans un instant.',
    'Try again shortly.',
  ),
  HUB_LEDGER_UNAVAILABLE: code(
    503,
    'Le registre des autorisations ne répond pas : rien n’est servi.',
    'The consent ledger does not answer: nothing is served.',
    'Réessayez dans un instant.',
    'Try again shortly.',
  ),
  HUB_NOT_READY: code(
    503,
    'Le hub démarre ou s’arrête.',
    'The hub is starting or stopping.',
    'Réessayez dans un instant.',
    'Try again shortly.',
  ),
  HUB_INTERNAL: code(
    500,
    'Erreur interne.',
    'Internal error.',
    'Signalez extensions.requestId.',
    'Report extensions.requestId.',
  ),
} as const satisfies Record<string, ErrorCode>;

export type HubErrorCode = keyof typeof ERROR_CODES;
