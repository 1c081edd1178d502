#pragma once

/// \file
/// All that actors know of the world outside: time, sockets, randomness, the log, and the thread
/// they run on. The runtime makes them real with Asio; the test kit makes them virtual.

#include "byssus/actors/ports/acceptor.hpp"
#include "byssus/actors/ports/dialer.hpp"
#include "byssus/actors/ports/inlets.hpp"
#include "byssus/actors/ports/journal.hpp"
#include "byssus/actors/ports/random_source.hpp"
#include "byssus/actors/ports/reactor.hpp"
#include "byssus/actors/ports/timer.hpp"
#include "byssus/actors/ports/transport.hpp"
