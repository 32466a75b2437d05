#include "io/model/state_probe.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/text/lines.hpp"

namespace hayate::model {
namespace {

constexpr size_t kWidthMax = 65'536;
constexpr size_t kWeightsPerLine = 8;

class Reader {
  public:
    Result<StateProbe> read(std::string_view rest) {
        while (!rest.empty() && problem_.empty()) {
            ++line_number_;
            read_line(text::take_line(rest));
        }
        if (problem_.empty()) check_whole();
        if (problem_.empty()) return std::move(probe_);
        return fail(ErrorKind::kBadRequest, "probe", std::move(problem_));
    }

  private:
    void read_line(std::string_view line) {
        std::string_view word = text::take_word(line);
        if (word.empty()) return;
        if (is_in_weights_) return read_weights(word, line);
        const std::string_view value = text::take_word(line);
        if (word == "model") {
            probe_.model = value;
            if (value.empty()) complain("the name of a model's file, without .gguf");
        } else if (word == "layer") {
            const auto layer = text::number_of<int>(value);
            probe_.layer = layer.value_or(-1);
            if (probe_.layer < 0) complain("the number of a layer, from 0");
        } else if (word == "bias") {
            const auto bias = text::number_of<float>(value);
            if (!bias) return complain("a number");
            probe_.bias = *bias;
        } else if (word == "weights") {
            is_in_weights_ = true;
            if (!value.empty()) read_weights(value, line);
            return;
        } else {
            return complain("\"model\", \"layer\", \"bias\" or \"weights\"");
        }
        if (!text::take_word(line).empty()) complain("one value");
    }

    void read_weights(std::string_view word, std::string_view rest) {
        for (; !word.empty(); word = text::take_word(rest)) {
            const auto weight = text::number_of<float>(word);
            if (!weight) return complain("a number");
            if (probe_.weights.size() == kWidthMax)
                return complain(fmt::format("at most {} weights", kWidthMax));
            probe_.weights.push_back(*weight);
        }
    }

    void check_whole() {
        if (probe_.model.empty())
            problem_ = "no \"model\": which file of weights is it for?";
        else if (probe_.layer < 0)
            problem_ = "no \"layer\"";
        else if (probe_.weights.empty())
            problem_ = "no \"weights\"";
    }

    void complain(std::string_view expected) {
        problem_ = fmt::format("line {}: expected {}", line_number_, expected);
    }

    StateProbe probe_{.model = {}, .layer = -1, .bias = 0, .weights = {}};
    bool is_in_weights_ = false;
    int line_number_ = 0;
    std::string problem_;
};

}  // namespace

float StateProbe::logit(std::span<const float> state) const {
    return std::transform_reduce(weights.begin(), weights.end(), state.begin(), bias);
}

Result<StateProbe> parse_state_probe(std::string_view text) { return Reader().read(text); }

std::string to_text(const StateProbe& probe) {
    std::string text = fmt::format("model {}\nlayer {}\nbias {:.5g}\nweights", probe.model,
                                   probe.layer, probe.bias);
    for (size_t i = 0; i < probe.weights.size(); ++i) {
        text += i % kWeightsPerLine == 0 ? '\n' : ' ';
        text += fmt::format("{:.4g}", probe.weights[i]);
    }
    return text + '\n';
}

}  // namespace hayate::model
