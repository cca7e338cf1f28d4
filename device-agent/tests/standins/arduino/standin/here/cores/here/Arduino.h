/* SPDX-License-Identifier: Apache-2.0 */
void setup(void);
void loop(void);
