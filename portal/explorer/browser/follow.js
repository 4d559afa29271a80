/* GraphiQL's way to the graph: one answer to a query, a stream of them (Server-Sent Events) to a subscription. */

/** `send` is called as `fetch` is, and adds what a request needs. */
export function createFetcher(url, send) {
  return (parameters, { headers = {} } = {}) =>
    isSubscription(parameters) ? follow(url, send, parameters, headers) : ask(url, send, parameters, headers);
}

/** Read from the text that is sent: the parsed document that GraphiQL 3.8.2 hands over is that of a moment before, when the visitor is quick. */
function isSubscription({ query, operationName }) {
  const text = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|#.*/g, '');
  const operations = [];
  let depth = 0;
  for (const [token, kind, name] of text.matchAll(/[{}()]|\b(query|mutation|subscription)\b\s*(\w*)/g)) {
    if (kind === undefined) depth += '{('.includes(token) ? 1 : -1;
    else if (depth === 0) operations.push({ kind, name });
  }
  const chosen = operations.find(({ name }) => name === operationName) ?? operations[0];
  return chosen?.kind === 'subscription';
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
