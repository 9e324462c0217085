import type { AdminParts } from './admin-parts.js';
import { adjustRoute, listPaymentsRoute, showPaymentRoute } from './payment-routes.js';
import {
  changeUserRoute,
  listUsersRoute,
  registerAdminRoute,
  registerOtherRoute,
  resetPasswordRoute,
  showUserRoute,
} from './user-routes.js';

export function adminRoutes(parts: AdminParts) {
  return [
    listUsersRoute(parts),
    showUserRoute(parts),
    changeUserRoute(parts),
    resetPasswordRoute(parts),
    registerOtherRoute(parts),
    registerAdminRoute(parts),
    listPaymentsRoute(parts),
    showPaymentRoute(parts),
    adjustRoute(parts),
  ];
}
