/* GraphiQL on the portal's own relay: the session's cookie goes along, a token never comes here. */
import { createFetcher } from './follow.js';

const { React, ReactDOM, GraphiQL } = window;
const place = document.getElementById('graphiql');

const fetcher = createFetcher(new URL('/try/graphql', location.href).href, (...request) => fetch(...request));
// The query of the page that led here stands behind the hash, which no server sees.
const defaultQuery = afterHash() || place.dataset.query;
/** Nothing of a visit stays in the browser; what was asked last would also stand before the query that led here. */
const forget = () => undefined;
const storage = { length: 0, getItem: () => null, setItem: forget, removeItem: forget, clear: forget };
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, { fetcher, defaultQuery, storage }));

function afterHash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    // Cut short on its way: the page's own query is a better start than none.
    return '';
  }
}
