import type { Product, ProductImportRequest, ProductImportResult } from '@insp/protocol';
import { call, type Page } from './http.ts';

export const PRODUCTS_PER_PAGE = 60;

export const searchProducts = (text: string) =>
  call<Page<Product>>('GET', `/v1/products?limit=${PRODUCTS_PER_PAGE}${text === '' ? '' : `&q=${encodeURIComponent(text)}`}`);
export const importProducts = (request: ProductImportRequest) => call<ProductImportResult>('POST', '/v1/products/import', request);
export const readProduct = (productId: string) => call<Product>('GET', `/v1/products/${encodeURIComponent(productId)}`);
