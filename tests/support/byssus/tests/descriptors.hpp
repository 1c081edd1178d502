#pragma once

#include <cstddef>
#include <cstdio>
#include <sys/resource.h>

namespace byssus::tests {

/// The exit code of a program that cannot run here. ctest shows such a test as skipped.
inline constexpr int cannot_run_here = 77;

/// What a node keeps back of its descriptors: for its log and files, and for those it turns away.
inline constexpr std::size_t descriptors_of_a_node = 384;

/// Raises the soft limit of open files, often 1,024, to the hard one, for this process and those
/// that it starts. Claims that a load and a node may then hold so many connections; if not, says on
/// stderr what is needed.
inline bool may_hold(std::size_t connections) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t needed = connections + descriptors_of_a_node;
  if (limit.rlim_max >= needed)
    return true;
  std::fprintf(stderr,
               "%zu connections need %zu open files, and the hard limit is %zu: raise it with "
               "'ulimit -Hn' as root, or with 'nofile' in /etc/security/limits.conf\n",
               connections, needed, static_cast<std::size_t>(limit.rlim_max));
  return false;
}

}  // namespace byssus::tests
