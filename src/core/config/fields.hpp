#pragma once
// Fields: the one declaration of what a configuration may contain. A struct's `declare` function
// names each key, its variable and its range once; reading YAML, listing the known keys and hashing
// the values all walk that declaration, so none of them can know a key that the others do not.

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hayate::config {

class Fields {
  public:
    Fields() = default;
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;
    virtual ~Fields() = default;

    virtual void text(std::string_view key, std::string& value) = 0;
    /// A text whose value is not to be repeated in a message: people paste secrets where names
    /// belong.
    virtual void discreet_text(std::string_view key, std::string& value) { text(key, value); }
    virtual void choice(std::string_view key, std::string& value,
                        std::span<const std::string> allowed) = 0;
    virtual void flag(std::string_view key, bool& value) = 0;
    virtual void number(std::string_view key, double& value, double min, double max) = 0;
    /// Dollars with at most 6 decimals, kept exactly as micro-dollars.
    virtual void dollars(std::string_view key, int64_t& micros) = 0;
    virtual void texts(std::string_view key, std::vector<std::string>& values) = 0;
    /// The fields declared inside belong to the mapping `key`.
    virtual void group(std::string_view key, const std::function<void()>& declare) = 0;

    template <std::integral Integer>
    void integer(std::string_view key, Integer& value, std::type_identity_t<Integer> min,
                 std::type_identity_t<Integer> max) {
        auto wide = static_cast<int64_t>(value);
        whole(key, wide, static_cast<int64_t>(min), static_cast<int64_t>(max));
        value = static_cast<Integer>(wide);
    }
    /// A mapping whose keys its author chooses: `declare(name, item)` declares the field `name`
    /// inside it.
    template <class Item, class Declare>
    void each(std::string_view key, std::map<std::string, Item>& items, Declare declare) {
        group(key, [&] {
            std::vector<std::string> present;
            present.reserve(items.size());
            for (const auto& entry : items) present.push_back(entry.first);
            for (const std::string& name : names(std::move(present))) declare(name, items[name]);
        });
    }

  protected:
    virtual void whole(std::string_view key, int64_t& value, int64_t min, int64_t max) = 0;
    /// The names in the current mapping, given those that the value has already.
    virtual std::vector<std::string> names(std::vector<std::string> present) = 0;
};

using Declaration = std::function<void(Fields&)>;

/// Every key path, in the order of declaration; names that the author chooses are "*".
[[nodiscard]] std::vector<std::string> list_keys(const Declaration& declare);

/// The values as unambiguous text: what is hashed to tell two configurations apart. Equal values,
/// equal text.
[[nodiscard]] std::string canonical_text(const Declaration& declare);

}  // namespace hayate::config
