import type { Kysely } from '../platform/database/database.ts';
import { registerClients } from './clientStore.ts';
import type { SessionTables } from './sessionTables.ts';

/** How a service of the sandbox authenticates (`client_secret_post`): a secret that everybody knows, for HUB_ENV=sandbox alone. */
export function sandboxClientSecret(clientId: string): string {
  return `sandbox-secret-known-to-everybody-${clientId}`;
}

/** Lets every service of the sandbox's seeds use the token endpoint. The caller sees to it that this is a sandbox, and has loaded its services. */
export async function seedSandboxClients(db: Kysely<SessionTables>, seeds: unknown): Promise<void> {
  const { services } = seeds as { readonly services: readonly { readonly clientId: string }[] };
  await registerClients(
    db,
    services.map(({ clientId }) => ({ clientId, method: 'client_secret_post', secret: sandboxClientSecret(clientId) })),
  );
}
