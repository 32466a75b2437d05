#include "io/model/llama/context.hpp"

#include <utility>

#include <llama.h>

namespace hayate::model::llama {
namespace {

bool is_interrupted(void* flag) {
    return static_cast<const std::atomic<bool>*>(flag)->load(std::memory_order_relaxed);
}

llama_context_params params_of(const Context::Options& options, LayerTap& tap) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = static_cast<uint32_t>(options.cells);
    params.n_seq_max = static_cast<uint32_t>(options.sequences);
    // A step is one physical batch, so that an interrupted or failed one leaves nothing in memory.
    params.n_batch = params.n_ubatch = static_cast<uint32_t>(options.rows_max);
    params.n_threads = params.n_threads_batch = options.threads->count();
    params.kv_unified = true;  // sequences share the cells of a common prefix
    params.no_perf = true;
    params.abort_callback = is_interrupted;
    params.abort_callback_data = const_cast<std::atomic<bool>*>(options.interrupt);
    params.cb_eval = LayerTap::on_tensor;
    params.cb_eval_user_data = &tap;
    return params;
}

}  // namespace

ComputeThreads::ComputeThreads(int count) : count_(count) {
    if (count < 2) return;
    ggml_threadpool_params params = ggml_threadpool_params_default(count);
    params.poll = 0;  // idle threads sleep; between the operations of a step they spin all the same
    pool_ = ggml_threadpool_new(&params);
}

ComputeThreads::~ComputeThreads() { ggml_threadpool_free(pool_); }

Result<std::unique_ptr<Context>> Context::make(std::shared_ptr<const Weights> weights,
                                               const Options& options) {
    auto tap = std::make_unique<LayerTap>();
    llama_context* context = llama_init_from_model(weights->get(), params_of(options, *tap));
    if (!context) {
        return fail(ErrorKind::kUnavailable, "model.local", "no memory for the context");
    }
    if (options.threads->pool()) {
        llama_attach_threadpool(context, options.threads->pool(), options.threads->pool());
    }
    return std::unique_ptr<Context>(
        new Context(std::move(weights), std::move(tap), context, options.rows_max));
}

Context::Context(std::shared_ptr<const Weights> weights, std::unique_ptr<LayerTap> tap,
                 llama_context* context, int rows_max)
    : weights_(std::move(weights)),
      tap_(std::move(tap)),
      context_(context),
      batch_(std::make_unique<llama_batch>(llama_batch_init(rows_max, 0, 1))) {}

Context::~Context() {
    llama_batch_free(*batch_);
    llama_free(context_);
}

void Context::apply(std::span<const MemoryAction> actions) {
    const llama_memory_t memory = llama_get_memory(context_);
    for (const MemoryAction& action : actions) {
        if (action.copy_from < 0) {
            // To the end, not to action.end: a recurrent model can only drop a sequence as a whole.
            llama_memory_seq_rm(memory, action.sequence, action.begin, -1);
        } else {
            llama_memory_seq_cp(memory, action.copy_from, action.sequence, action.begin,
                                action.end);
        }
    }
}

Context::Outcome Context::decode(std::span<const Row> rows, std::span<const int> layers) {
    for (size_t i = 0; i < rows.size(); ++i) {
        batch_->token[i] = rows[i].token;
        batch_->pos[i] = rows[i].position;
        batch_->n_seq_id[i] = 1;
        batch_->seq_id[i][0] = rows[i].sequence;
        batch_->logits[i] = rows[i].wants_logits ? 1 : 0;
    }
    batch_->n_tokens = static_cast<int32_t>(rows.size());
    std::vector<bool> is_row_wanted;
    for (const Row& row : rows) {
        if (!layers.empty()) is_row_wanted.push_back(row.wants_logits);
    }
    tap_->watch(layers, std::move(is_row_wanted));
    const int32_t code = llama_decode(context_, *batch_);
    if (code == 0) return Outcome::kDone;
    undo(rows);
    return code == 1 ? Outcome::kNoRoom : code == 2 ? Outcome::kInterrupted : Outcome::kFailed;
}

void Context::undo(std::span<const Row> rows) {
    for (const Row& row : rows) {
        llama_memory_seq_rm(llama_get_memory(context_), row.sequence, row.position, -1);
    }
}

std::span<const float> Context::logits(int index) const {
    return {llama_get_logits_ith(context_, index),
            static_cast<size_t>(weights_->vocabulary_size())};
}

}  // namespace hayate::model::llama
