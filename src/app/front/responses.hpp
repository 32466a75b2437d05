#pragma once
// Errors as HTTP responses, in the shape that OpenAI clients read; every JSON front uses it.

#include "core/base/result.hpp"
#include "io/net/http_server.hpp"

namespace hayate::front {

/// Status, body and Retry-After of an error.
[[nodiscard]] net::Response error_response(const Error& error);

/// Answers with an error; whether the client still reads it does not matter.
Task<void> send_error(net::Exchange& exchange, Error error);

}  // namespace hayate::front
