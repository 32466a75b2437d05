#include "io/model/llama/sampler.hpp"

#include <algorithm>
#include <cmath>

#include <llama.h>

#include "io/model/llama/context.hpp"

namespace hayate::model::llama {
namespace {

constexpr int kCandidates =
    40;  // the rest never matters for an answer, and costs time in every later stage
constexpr int kPenaltyWindow = 64;  // tokens

}  // namespace

void Sampler::Free::operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }

Sampler::Sampler(const Sampling& options) {
    llama_sampler_chain_params params = llama_sampler_chain_default_params();
    params.no_perf = true;
    chain_.reset(llama_sampler_chain_init(params));
    const auto add = [this](llama_sampler* stage) { llama_sampler_chain_add(chain_.get(), stage); };
    add(llama_sampler_init_top_k(kCandidates));
    if (options.repeat_penalty != 1.0F) {
        add(llama_sampler_init_penalties(0, kPenaltyWindow, options.repeat_penalty, 0.0F, 0.0F));
    }
    if (options.temperature <= 0.0F) {
        add(llama_sampler_init_greedy());
        return;
    }
    add(llama_sampler_init_top_p(options.top_p, 1));
    add(llama_sampler_init_temp(options.temperature));
    add(llama_sampler_init_dist(options.seed.value_or(LLAMA_DEFAULT_SEED)));
}

Token Sampler::choose(const Context& context, int row) {
    return llama_sampler_sample(chain_.get(), context.get(), row);
}

float logprob(std::span<const float> logits, Token token) {
    const float highest = std::ranges::max(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(logit - highest);
    const float value =
        logits[static_cast<size_t>(token)] - highest - static_cast<float>(std::log(sum));
    return std::min(value, 0.0F);
}

}  // namespace hayate::model::llama
