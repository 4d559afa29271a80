/* GraphiQL on the portal's own relay: the session's cookie goes along, a token never comes here. */
import { createFetcher } from './follow.js';

const { React, ReactDOM, GraphiQL } = window;
const place = document.getElementById('graphiql');

const fetcher = createFetcher(new URL('/try/graphql', location.href).href, (...request) => fetch(...request));
// The query of the page that led here stands behind the hash, which no server sees.
const query = decodeURIComponent(location.hash.slice(1)) || place.dataset.query;
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, { fetcher, query }));
