#include "io/model/simulated/distribution.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <random>

namespace hayate::model {
namespace {

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = failed == std::errc() && end == text.data() + text.size();
    return is_whole && std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

Random::result_type Random::operator()() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

double Random::fraction() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

double Distribution::sample(Random& random) const {
    switch (kind_) {
        case Kind::kConstant:
            return first_;
        case Kind::kUniform:
            return first_ + (second_ - first_) * random.fraction();
        case Kind::kNormal:
            return std::max(0.0, std::normal_distribution<double>(first_, second_)(random));
        case Kind::kLognormal:
            return first_ * std::exp(std::normal_distribution<double>(0, second_)(random));
        case Kind::kExponential:
            return -first_ * std::log1p(-random.fraction());
    }
    return first_;
}

Result<Distribution> parse_distribution(std::string_view text) {
    using Kind = Distribution::Kind;
    const auto wrong = [&](std::string_view expected) {
        return fail(
            base::public_error(ErrorKind::kBadRequest, "simulation",
                               "'" + std::string(text) + "': expected " + std::string(expected)));
    };
    const size_t colon = text.find(':');
    const std::string_view kind =
        colon == std::string_view::npos ? "constant" : text.substr(0, colon);
    const std::string_view rest = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const size_t comma = rest.find(',');
    const auto first = number_of(rest.substr(0, comma));
    const auto second =
        comma == std::string_view::npos ? std::nullopt : number_of(rest.substr(comma + 1));
    const bool has_one = first && comma == std::string_view::npos;
    const bool has_two = first && second;
    Distribution made(first.value_or(0));
    made.second_ = second.value_or(0);
    if (kind == "constant") {
        if (!has_one) return wrong("a number from 0 up, or constant:200");
    } else if (kind == "uniform") {
        made.kind_ = Kind::kUniform;
        if (!has_two || *first > *second)
            return wrong("uniform:<low>,<high>, like uniform:100,300");
    } else if (kind == "normal") {
        made.kind_ = Kind::kNormal;
        if (!has_two) return wrong("normal:<mean>,<deviation>, like normal:200,40");
    } else if (kind == "lognormal") {
        made.kind_ = Kind::kLognormal;
        if (!has_two || *second > 5)
            return wrong("lognormal:<median>,<sigma up to 5>, like lognormal:200,0.4");
    } else if (kind == "exponential") {
        made.kind_ = Kind::kExponential;
        if (!has_one) return wrong("exponential:<mean>, like exponential:200");
    } else {
        return wrong("a number, constant:, uniform:, normal:, lognormal: or exponential:");
    }
    return made;
}

}  // namespace hayate::model
