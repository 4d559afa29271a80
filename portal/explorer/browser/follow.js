/* GraphiQL's way to the graph: one answer to a query, a stream of them (Server-Sent Events) to a subscription. */

/** `send` is called as `fetch` is, and adds what a request needs. */
export function createFetcher(url, send) {
  return (parameters, { headers = {}, documentAST } = {}) =>
    isSubscription(parameters, documentAST)
      ? follow(url, send, parameters, headers)
      : ask(url, send, parameters, headers);
}

function isSubscription({ operationName }, document) {
  const operations = document?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  const chosen = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  return chosen?.operation === 'subscription';
}

async function ask(url, send, parameters, headers) {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

/** What is refused before it begins is shown as any other answer; GraphiQL's button ends what has begun. */
async function* follow(url, send, parameters, headers) {
  let refusal;
  const client = globalThis.graphqlSse.createClient({
    url,
    headers,
    retryAttempts: 0,
    async fetchFn(...request) {
      const response = await send(...request);
      if (!response.ok) refusal = await response.clone().json();
      return response;
    },
  });
  try {
    yield* client.iterate(parameters);
  } catch (fault) {
    if (refusal === undefined) throw fault;
    yield refusal;
  }
}
