/* GraphiQL on the portal's own relay: the session's cookie goes along, a token never comes here. */
import { createFetcher } from './follow.js';

const { React, ReactDOM, GraphiQL } = window;
const place = document.getElementById('graphiql');

const fetcher = createFetcher(new URL('/try/graphql', location.href).href, (...request) => fetch(...request));
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, { fetcher, defaultQuery: place.dataset.query }));
