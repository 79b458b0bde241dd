export type * from "./api.js";
export type { MapItem, MapSource } from "./server/map-shelf.js";
export type { Pretraining } from "./server/pretraining.js";
export { type Dashboard, type DashboardOptions, serveDashboard } from "./server/serve-dashboard.js";
