/* GraphiQL on the portal's own relay: the session's cookie goes along, a token never comes here. */
const { React, ReactDOM, GraphiQL } = window;
const place = document.getElementById('graphiql');

async function ask(graphQLParams) {
  const response = await fetch('/try/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(graphQLParams),
  });
  return response.json();
}

const query = place.dataset.query;
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, { fetcher: ask, defaultQuery: query }));
