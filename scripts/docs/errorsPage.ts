import { ERROR_CODES, type ErrorCode } from '../../schema/errorCodes.ts';
import { REFUSAL_TEXTS } from '../../schema/refusals.ts';
import { code, pageHead, table } from './markdown.ts';

export function errorsPage(): string {
  const codes = Object.entries<ErrorCode>(ERROR_CODES).map(([name, { status, message, remedy }]) => [
    code(name),
    String(status),
    `${message.fr}<br>${message.en}`,
    `${remedy.fr}<br>${remedy.en}`,
  ]);
  const reasons = Object.entries(REFUSAL_TEXTS).map(([reason, text]) => [code(reason), text.fr, text.en]);
  return (
    pageHead(
      'Errors',
      `Every error of a reply has \`extensions.code\`, and \`extensions.requestId\` to report it by. Texts follow \`Accept-Language\`, French by default. Source: \`schema/errorCodes.ts\`, \`schema/refusals.ts\`.

Status 200: the code stands beside data. With \`Accept: application/json\`, codes \`HUB_OPERATION_*\` are answered with status 200 too (but a GET that writes: 405), as GraphQL over HTTP asks; with \`application/graphql-response+json\` they have the status below.`,
    ) +
    `\n## Codes\n\n${table(['code', 'status', 'what happened', 'what to do'], codes)}` +
    `\n## Reasons for a refused field\n\nCode \`UNAUTHORIZED_FIELD_OR_TYPE\`, with \`extensions.reason\`:\n\n${table(['reason', 'français', 'English'], reasons)}`
  );
}
