// SPDX-License-Identifier: Apache-2.0
// The bundler takes styles out of the scripts that import them.
declare module "*.css";
