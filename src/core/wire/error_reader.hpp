#pragma once
// The error object that OpenAI and Anthropic share: {"message", "type", "code"}. Private to wire/.

#include "core/wire/json_reader.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::wire {

/// Reads an error object, or a bare string as its message. Members of unexpected types are skipped.
json::Code read_upstream_error(json::Value& value, UpstreamError& out);

}  // namespace hayate::wire
