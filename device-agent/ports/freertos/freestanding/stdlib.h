/* SPDX-License-Identifier: Apache-2.0 */
/* FreeRTOS includes it and, without a heap, uses nothing of it. */
