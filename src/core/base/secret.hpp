#pragma once
// Secret: a string that cannot be printed, compared in constant time, and wiped when it dies.

#include <string>
#include <string_view>
#include <utility>

#include <openssl/crypto.h>

namespace hayate::base {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret() { OPENSSL_cleanse(value_.data(), value_.size()); }

    [[nodiscard]] bool is_empty() const { return value_.empty(); }
    /// The one way out. Whoever calls it answers for where the text goes.
    [[nodiscard]] std::string_view reveal() const { return value_; }

  private:
    std::string value_;
};

[[nodiscard]] inline bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hayate::base
