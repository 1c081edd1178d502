#pragma once

/// \file
/// All that an app needs: `#include <byssus/byssus.hpp>`. Code of its own actors wants
/// "byssus/actors/interfaces.hpp" besides, which comes along.

#include "byssus/actors/interfaces.hpp"
#include "byssus/runtime/answer.hpp"
#include "byssus/runtime/config.hpp"
#include "byssus/runtime/link.hpp"
#include "byssus/runtime/log.hpp"
#include "byssus/runtime/node.hpp"
#include "byssus/runtime/room_handle.hpp"
#include "byssus/runtime/settings.hpp"
#include "byssus/runtime/startup_error.hpp"
#include "byssus/runtime/statistics.hpp"
#include "byssus/runtime/version.hpp"
