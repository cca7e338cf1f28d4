/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stand-in for libhidapi, by which programs that look for CMSIS-DAP probes on USB find simulated ones: put
 * its folder into LD_LIBRARY_PATH. TINYHIL_PROBES names them, SERIAL@SOCKET, several with colons in between;
 * reports go to the socket as they are. Only what such programs call.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <wchar.h>

enum { REPORT = 64, SERIAL_MAX = 64, PROBES_MAX = 64 };

/* hidapi.h, versions 0.10 to 0.13. */
/* NOLINTNEXTLINE(readability-identifier-naming): its name */
struct hid_device_info {
  char* path;
  unsigned short vendor_id, product_id;
  wchar_t* serial_number;
  unsigned short release_number;
  wchar_t *manufacturer_string, *product_string;
  unsigned short usage_page, usage;
  int interface_number;
  struct hid_device_info* next;
  int bus_type;
};

/* NOLINTNEXTLINE(readability-identifier-naming): its name */
typedef struct hid_device_ {
  int socket;
  int is_nonblocking;
  wchar_t serial[SERIAL_MAX];
} hid_device;

struct Probe { /* one of the environment variable */
  struct hid_device_info info;
  char path[sizeof((struct sockaddr_un*)0)->sun_path];
  wchar_t serial[SERIAL_MAX];
};

static wchar_t product[] = L"simulated CMSIS-DAP", manufacturer[] = L"tinyhil",
               failure[] = L"the probe is gone";
enum { VENDOR = 0x1209, PRODUCT = 0xD1A9 };

/* Fills one in from SERIAL@SOCKET; false when it is not such. */
static int parse(const char* text, size_t size, struct Probe* probe) {
  const char* at = memchr(text, '@', size);
  if (at == NULL || at - text >= SERIAL_MAX || text + size - at - 1 >= (long)sizeof probe->path) return 0;
  for (long n = 0; n < at - text; ++n) probe->serial[n] = (wchar_t)text[n];
  memcpy(probe->path, at + 1, (size_t)(text + size - at - 1));
  probe->info = (struct hid_device_info){.path = probe->path,
                                         .vendor_id = VENDOR,
                                         .product_id = PRODUCT,
                                         .serial_number = probe->serial,
                                         .manufacturer_string = manufacturer,
                                         .product_string = product,
                                         .bus_type = 1};
  return 1;
}

int hid_init(void) { return 0; }
int hid_exit(void) { return 0; }
const wchar_t* hid_error(hid_device* device) {
  (void)device;
  return failure;
}

struct hid_device_info* hid_enumerate(unsigned short vendor, unsigned short product_id) {
  const char* text = getenv("TINYHIL_PROBES");
  struct hid_device_info *first = NULL, **last = &first;
  if (text == NULL || (vendor != 0 && vendor != VENDOR) || (product_id != 0 && product_id != PRODUCT))
    return NULL;
  for (int count = 0; *text != '\0' && count < PROBES_MAX; ++count) {
    size_t size = strcspn(text, ":");
    struct Probe* probe = calloc(1, sizeof *probe);
    if (probe != NULL && parse(text, size, probe)) {
      *last = &probe->info;
      last = &probe->info.next;
    } else {
      free(probe);
    }
    text += size + (text[size] == ':');
  }
  return first;
}

void hid_free_enumeration(struct hid_device_info* devices) {
  while (devices != NULL) {
    struct hid_device_info* next = devices->next;
    free(devices); /* the first member of a struct Probe */
    devices = next;
  }
}

hid_device* hid_open_path(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  hid_device* device = calloc(1, sizeof *device);
  if (device == NULL || strlen(path) >= sizeof address.sun_path) return free(device), NULL;
  memcpy(address.sun_path, path, strlen(path));
  device->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (device->socket >= 0 && connect(device->socket, (struct sockaddr*)&address, sizeof address) == 0)
    return device;
  if (device->socket >= 0) close(device->socket);
  free(device);
  return NULL;
}

hid_device* hid_open(unsigned short vendor, unsigned short product_id, const wchar_t* serial) {
  struct hid_device_info* devices = hid_enumerate(vendor, product_id);
  hid_device* device = NULL;
  for (struct hid_device_info* each = devices; each != NULL && device == NULL; each = each->next) {
    if (serial != NULL && wcscmp(serial, each->serial_number) != 0) continue;
    device = hid_open_path(each->path);
    if (device != NULL) wcscpy(device->serial, each->serial_number);
  }
  hid_free_enumeration(devices);
  return device;
}

void hid_close(hid_device* device) {
  if (device == NULL) return;
  close(device->socket);
  free(device);
}

/* The first byte is the number of the report, always zero. */
int hid_write(hid_device* device, const unsigned char* bytes, size_t size) {
  unsigned char report[REPORT] = {0};
  if (size == 0) return -1;
  memcpy(report, bytes + 1, size - 1 < REPORT ? size - 1 : REPORT);
  return send(device->socket, report, REPORT, MSG_NOSIGNAL) == REPORT ? (int)size : -1;
}

int hid_read_timeout(hid_device* device, unsigned char* bytes, size_t size, int milliseconds) {
  unsigned char report[REPORT];
  struct pollfd wait = {device->socket, POLLIN, 0};
  int ready = poll(&wait, 1, milliseconds);
  if (ready <= 0) return ready;
  if (recv(device->socket, report, REPORT, MSG_WAITALL) != REPORT) return -1;
  memcpy(bytes, report, size < REPORT ? size : REPORT);
  return REPORT;
}

int hid_read(hid_device* device, unsigned char* bytes, size_t size) {
  return hid_read_timeout(device, bytes, size, device->is_nonblocking ? 0 : -1);
}

int hid_set_nonblocking(hid_device* device, int is_nonblocking) {
  device->is_nonblocking = is_nonblocking;
  return 0;
}
