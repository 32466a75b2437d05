#pragma once
// What a provider's refusal means for us, and what of it a customer may read. Pure, thread-safe.
//
// Customers learn what is wrong with their own request. Everything else (keys, quotas, unknown
// models, outages) is the operator's business: it goes to the log, and never contains the
// provider's key.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::model {

/// A response that is not 200.
struct Refusal {
    int status = 0;
    std::string_view retry_after;     // header, seconds or an HTTP date; may be empty
    std::string_view retry_after_ms;  // header of OpenAI and Azure, more exact; may be empty
    std::string_view body;
};

/// `key` is kept out of every text. `now` is seconds since 1970.
[[nodiscard]] base::Error error_of(const Refusal& refusal, const std::string& source,
                                   std::string_view key, int64_t now);

/// The same for an error that came inside a stream.
[[nodiscard]] base::Error error_of(const wire::UpstreamError& error, const std::string& source,
                                   std::string_view key);

/// RFC 9110 section 10.2.3: seconds, or a date in the one form that servers send (IMF-fixdate). At
/// most a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                                         int64_t now);

/// A provider's message as one short line without the key and anything else that looks like one.
[[nodiscard]] std::string safe_text(std::string_view message, std::string_view key);

}  // namespace hayate::model
