#include <netdb.h>
#include <unistd.h>

/// Stands before the system's: looking up any name takes for ever. Loaded by LD_PRELOAD.
extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  for (;;)
    pause();
}
