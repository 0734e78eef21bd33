export { catalogRoutes } from './catalog.http.ts';
export { type Catalog, type CatalogChange, type CatalogDeps, createCatalog, type StockResult } from './catalog.ts';
export { createFeedClient, type FeedClientOptions } from './feed.http-client.ts';
