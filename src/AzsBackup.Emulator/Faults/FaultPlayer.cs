using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Identity;
using Microsoft.AspNetCore.Http.Features;

namespace AzsBackup.Emulator.Faults;

/// <summary>Does to a request, before it is answered, what a fault asks for; refusals are left to the front door.</summary>
internal sealed class FaultPlayer(StackState stack, TokenCheck tokens, FaultWords words)
{
    public async Task PlayAsync(HttpContext context, FaultSubject subject, FaultStrike strike)
    {
        if (strike.Latency > TimeSpan.Zero)
            await Task.Delay(strike.Latency, stack.Clock, context.RequestAborted);
        FaultEffect effect = strike.Effect;
        if (effect.Request is { } upwards)
            Upwards(context, upwards);
        if (effect.Response is { } downwards)
            Downwards(context, downwards);
        if (effect.ExpiresSas && context.Request.Query["sig"].ToString() is { Length: > 0 } signature)
            stack.Blobs.ExpireSas(signature);
        if (effect.ExpiresToken)
            tokens.Expire(context.Request.Headers.Authorization.ToString());
        if (effect.OmittedShare is { } share)
            context.Features.Set(new DiffOmission(share, strike.Seed));
        if (effect.Operation is { } fate)
            context.Features.Set(new OperationFault(fate, words.OfArm(effect.Answer ?? new FaultAnswer(), subject)));
    }

    private void Upwards(HttpContext context, BodyFault fault)
    {
        if (fault.DropAfter == 0)
        {
            // Also where there is no body to read: the client is cut off before anything is answered.
            context.Abort();
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        context.Request.Body = new FaultyRequestBody(context, context.Request.Body, fault, stack.Clock);
    }

    private void Downwards(HttpContext context, BodyFault fault)
    {
        if (fault.TruncateAfter is not null)
        {
            // A body that ends in good order can't have promised more.
            context.Response.OnStarting(() =>
            {
                context.Response.ContentLength = null;
                return Task.CompletedTask;
            });
        }

        Stream body = new FaultyResponseBody(context, context.Response.Body, fault, stack.Clock);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
    }
}
