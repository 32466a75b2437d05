#pragma once
// What a question says about the products that may be shown, as a filter: "shonen under 1000 yen,
// not horror" becomes conditions that hold whatever the ranking thinks. Pure; immutable and
// thread-safe.
//
// A title that is asked for narrows to its series, and what else is said of the series ("is it
// finished?") is then a question and no condition. A title that is compared with ("like X") narrows
// nothing: it is left out of the answer.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/name_finder.hpp"
#include "engine/understand/entities.hpp"
#include "engine/understand/product_cues.hpp"
#include "io/store/product_filter.hpp"

namespace hayate::understand {

struct ProductQuery {
    store::ProductFilter filter;
    /// A price in a currency that the catalog has no prices in: it is no condition, and the answer
    /// should say so.
    bool has_foreign_price = false;
    /// Something was said that products can violate: when nothing fits, the answer says that.
    [[nodiscard]] bool is_constrained() const { return !filter.is_open(); }
    /// Conditions or an order: what `CatalogStore::find_products` answers better than a search.
    [[nodiscard]] bool is_structured() const {
        return is_constrained() || filter.sort != store::ProductSort::kRelevance;
    }
};

class ProductQueryReader {
  public:
    /// `more`: the assistant's own words for cues, beside the general ones.
    explicit ProductQueryReader(const std::vector<CuePhrase>& more = {});

    /// `entities` are those that an EntityFinder found in `units`; `today`: "2026-11-24".
    [[nodiscard]] ProductQuery query_of(const text::Units& units, std::span<const Entity> entities,
                                        std::string_view today) const;

  private:
    text::NameFinder finder_;  // its values are those of Cue
};

}  // namespace hayate::understand
