import { SETTINGS } from '../../gateway/platform/config.ts';
import { code, pageHead, table } from './markdown.ts';

interface SettingRow {
  readonly name: string;
  readonly default: unknown;
  readonly shape: string;
  readonly secret: boolean;
  readonly why: string;
}

export function configPage(): string {
  const rows = Object.values<SettingRow>(SETTINGS).map((setting) => [
    code(setting.name),
    defaultOf(setting),
    setting.shape,
    setting.why,
  ]);
  return (
    pageHead(
      'Settings of the hub',
      'Environment variables, all optional. An unknown `HUB_*` variable, or a value out of bounds, stops the start; all faults are told in one message. Source: `gateway/platform/config.ts`.',
    ) +
    '\n' +
    table(['variable', 'default', 'value', 'why'], rows)
  );
}

function defaultOf({ default: value, secret }: SettingRow): string {
  if (secret) return 'none (secret)';
  if (value === undefined || isEmpty(value)) return 'none';
  return code(String(value));
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}
