import { customerGroupRoutes } from './routes/customer-group-routes.js';
import { customerRoutes } from './routes/customer-routes.js';
import { orderRoutes } from './routes/order-routes.js';
import { productRoutes } from './routes/product-routes.js';
import type { RestRoute } from './rest-route.js';
import { storeRoutes } from './routes/store-routes.js';

/** All that this store's Web API has. */
export const restApi: readonly RestRoute[] = [
  ...storeRoutes,
  ...productRoutes,
  ...customerRoutes,
  ...customerGroupRoutes,
  ...orderRoutes,
];
