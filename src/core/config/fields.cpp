#include "core/config/fields.hpp"

#include <iterator>

#include <fmt/format.h>

namespace hayate::config {
namespace {

/// Visits a declaration and knows the path of each field; what happens there is `leaf`'s business.
class PathFields : public Fields {
  public:
    void text(std::string_view key, std::string& value) override { leaf(key, value); }
    void choice(std::string_view key, std::string& value, std::span<const std::string>) override {
        leaf(key, value);
    }
    void flag(std::string_view key, bool& value) override { leaf(key, value ? "true" : "false"); }
    void number(std::string_view key, double& value, double, double) override {
        leaf(key, fmt::format("{}", value));
    }
    void dollars(std::string_view key, int64_t& micros) override {
        leaf(key, std::to_string(micros));
    }
    void texts(std::string_view key, std::vector<std::string>& values) override {
        std::string all;
        for (const std::string& value : values) all += fmt::format("{}:{},", value.size(), value);
        leaf(key, all);
    }
    void group(std::string_view key, const std::function<void()>& declare) override {
        const size_t before = prefix_.size();
        prefix_ += fmt::format("{}.", key);
        declare();
        prefix_.resize(before);
    }

  protected:
    void whole(std::string_view key, int64_t& value, int64_t, int64_t) override {
        leaf(key, std::to_string(value));
    }
    virtual void leaf(std::string_view key, std::string_view value) = 0;

    std::string prefix_;
};

class KeyLister final : public PathFields {
  public:
    std::vector<std::string> keys;

  protected:
    void leaf(std::string_view key, std::string_view) override {
        keys.push_back(fmt::format("{}{}", prefix_, key));
    }
    std::vector<std::string> names(std::vector<std::string>) override { return {"*"}; }
};

class Canonical final : public PathFields {
  public:
    std::string all;

  protected:
    /// Sizes first, so that no value can imitate the next field.
    void leaf(std::string_view key, std::string_view value) override {
        fmt::format_to(std::back_inserter(all), "{}{}={}:{}\n", prefix_, key, value.size(), value);
    }
    std::vector<std::string> names(std::vector<std::string> present) override { return present; }
};

}  // namespace

std::vector<std::string> list_keys(const Declaration& declare) {
    KeyLister lister;
    declare(lister);
    return std::move(lister.keys);
}

std::string canonical_text(const Declaration& declare) {
    Canonical canonical;
    declare(canonical);
    return std::move(canonical.all);
}

}  // namespace hayate::config
