#pragma once
// Stored things as text for a model, and as JSON for cards and sources.

#include <optional>
#include <string>
#include <string_view>

#include "io/store/stores.hpp"

namespace hayate::turn {

/// Facts of a series that are described only to whom asked for them.
struct AskedFacts {
    bool publisher = false;
    bool magazine = false;
};

/// "[Product: ...]" or "[FAQ]": facts first, then as much description as fits `tokens` (and
/// `bytes_max`).
[[nodiscard]] std::string describe_hit(const store::Hit& hit, std::string_view language, int tokens,
                                       size_t bytes_max, const AskedFacts& asked);
[[nodiscard]] std::string describe_order(const store::Order& order, std::string_view language);

/// in_stock, low, out or preorder. `today` is "YYYY-MM-DD".
[[nodiscard]] std::string_view availability_of(const store::Product& product,
                                               std::string_view today);

/// The card object of docs/protocol.md.
[[nodiscard]] std::string card_json(const store::Product& product, const store::Series& series,
                                    std::string_view today);
[[nodiscard]] std::string source_json(const store::Hit& hit, std::string_view language);
[[nodiscard]] std::string order_source_json(const store::Order& order);

/// The shop's calendar day now, "YYYY-MM-DD", in its time zone.
[[nodiscard]] std::string shop_today();

}  // namespace hayate::turn
