/** What an agent may do at the hub. */
export type AgentRole = 'requester' | 'dpo' | 'instructor';

/** An invented agent of an administration. Names of claims are ProConnect's; `roles` is the sandbox's. */
export interface SandboxAgent {
  /** Fixed id that examples use; also the claim. */
  readonly uid: string;
  readonly usual_name: string;
  readonly given_name: string;
  readonly email: string;
  /** Fourteen digits: the body for which they log in. */
  readonly siret: string;
  /** That body's name. */
  readonly organisation: string;
  readonly roles: readonly AgentRole[];
  readonly goodFor: { readonly fr: string; readonly en: string };
}

/** The agents' part of `GET /directory.json`. */
export interface PublicAgents {
  readonly agentIssuer: string;
  readonly agents: readonly Omit<SandboxAgent, 'email'>[];
}

export function toPublicAgents(agentIssuer: string, agents: readonly SandboxAgent[]): PublicAgents {
  return { agentIssuer, agents: agents.map(({ email: _email, ...agent }) => agent) };
}
